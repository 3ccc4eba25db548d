# Sourced by ./t4j and ./mvnw: looks for a JDK 25 where JDKs usually are.
# Sets T4J_JDK to its home and T4J_JDK_VERSION to its version (25.0.3), or ends with exit code 2 and what to install.
# POSIX sh; starts no process unless a candidate has no `release` file, so that it costs nothing.

# Version of the JDK at $1 into $jdk_found; fails if there is no JDK.
jdk_version() {
    jdk_found=
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
    if [ -r "$1/release" ]; then
        while IFS='=' read -r jdk_key jdk_value; do
            if [ "$jdk_key" = JAVA_VERSION ]; then
                jdk_value=${jdk_value#\"}
                jdk_found=${jdk_value%%\"*}
            fi
        done <"$1/release"
    elif [ -f "$1/lib/modules" ]; then
        jdk_found=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
    fi
    [ -n "$jdk_found" ]
}

# Takes the JDK at $1 if it is a 25.
take_jdk() {
    [ -n "$1" ] && jdk_version "$1" || return 1
    case $jdk_found in
        25 | 25.* | 25-* | 25+*)
            T4J_JDK=$1
            T4J_JDK_VERSION=$jdk_found
            return 0
            ;;
    esac
    return 1
}

# The home of the java on the PATH, through symbolic links; shims (jenv, asdf, macOS's stub) are asked themselves.
path_jdk() {
    jdk_java=$(command -v java 2>/dev/null) || return 1
    while [ -L "$jdk_java" ]; do
        jdk_link=$(readlink "$jdk_java") || return 1
        case $jdk_link in
            /*) jdk_java=$jdk_link ;;
            *) jdk_java=${jdk_java%/*}/$jdk_link ;;
        esac
    done
    jdk_home=${jdk_java%/*}/..
    if [ ! -f "$jdk_home/lib/modules" ]; then
        jdk_home=$("$jdk_java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    fi
    jdk_home=$(cd "$jdk_home" 2>/dev/null && pwd -P) && take_jdk "$jdk_home"
}

find_jdk() {
    T4J_JDK=
    if [ -n "${T4J_JAVA_HOME:-}" ]; then
        take_jdk "$T4J_JAVA_HOME" && return 0
        echo "t4j: T4J_JAVA_HOME is $T4J_JAVA_HOME, which is no JDK 25 (${jdk_found:-no JDK there})" >&2
        exit 2
    fi
    take_jdk "${JAVA_HOME:-}" && return 0
    path_jdk && return 0
    # The newest 25 of the usual places, so that an old one lying about doesn't win.
    jdk_best= jdk_best_version= jdk_best_update=-1
    for jdk_home in \
        "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" "${JDK25_HOME:-}" \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/*jdk* /opt/* /opt/java/* /opt/jdk/* /opt/jvm/* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.gradle/jdks/* \
        "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$HOME"/.jdks/*/Contents/Home "$HOME"/.gradle/jdks/*/Contents/Home \
        /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
        if take_jdk "$jdk_home"; then
            # 25.0.3 -> 3; 25, 25-ea, 25.0 -> 0
            jdk_update=${T4J_JDK_VERSION#25}
            jdk_update=${jdk_update#.0}
            jdk_update=${jdk_update#.}
            jdk_update=${jdk_update%%[!0-9]*}
            if [ "${jdk_update:-0}" -gt "$jdk_best_update" ]; then
                jdk_best=$T4J_JDK jdk_best_version=$T4J_JDK_VERSION jdk_best_update=${jdk_update:-0}
            fi
        fi
    done
    T4J_JDK=$jdk_best T4J_JDK_VERSION=$jdk_best_version
    [ -n "$T4J_JDK" ] && return 0
    echo "t4j: no JDK 25 found (looked at T4J_JAVA_HOME, JAVA_HOME, the java on PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks" \
        "and the like): install a JDK 25, 25.0.3 or later (Temurin 25, or your distribution's openjdk-25-jdk), or set" \
        "T4J_JAVA_HOME to one" >&2
    exit 2
}

find_jdk

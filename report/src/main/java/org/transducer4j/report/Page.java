package org.transducer4j.report;

import java.util.List;

/** An HTML page with everything in it: no script, no network. */
final class Page {
    private final String title;
    private final StringBuilder body = new StringBuilder();

    Page(String title) {
        this.title = title;
    }

    Page heading(String text) {
        body.append("<h2>").append(Html.escape(text)).append("</h2>\n");
        return this;
    }

    Page paragraph(String text) {
        body.append("<p>").append(Html.escape(text)).append("</p>\n");
        return this;
    }

    /** Numbers in large print, each with what it is. */
    Page facts(List<String[]> facts) {
        body.append("<dl class=\"facts\">");
        for (String[] fact : facts) {
            body.append("<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.escape(fact[0]), Html.escape(fact[1])));
        }
        body.append("</dl>\n");
        return this;
    }

    /** Figures side by side where there's room. */
    Page figures(List<String> figures) {
        body.append("<div class=\"figures\">\n");
        figures.forEach(body::append);
        body.append("</div>\n");
        return this;
    }

    /** Figures below one another, over the whole width. */
    Page wide(List<String> figures) {
        figures.forEach(body::append);
        return this;
    }

    /** A table that scrolls by itself where the page is narrow. */
    Page table(List<String> head, List<List<String>> rows) {
        body.append("<div class=\"scroll\" tabindex=\"0\"><table><thead>");
        row("th", head);
        body.append("</thead><tbody>");
        rows.forEach(row -> row("td", row));
        body.append("</tbody></table></div>\n");
        return this;
    }

    private void row(String tag, List<String> cells) {
        body.append("<tr>");
        for (String cell : cells) {
            body.append("<%s>%s</%s>".formatted(tag, Html.escape(cell), tag));
        }
        body.append("</tr>\n");
    }

    /** Text that is shown when asked for. */
    Page details(String summary, String text) {
        body.append("<details><summary>%s</summary><pre>%s</pre></details>\n"
                .formatted(Html.escape(summary), Html.escape(text)));
        return this;
    }

    String html() {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <link rel="icon" href="data:,">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <h1>%s</h1>
                %s</main>
                </body>
                </html>
                """.formatted(Html.escape(title), StyleSheet.TEXT, Html.escape(title), body);
    }
}

package org.transducer4j.asr.configuration;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** Names in JSON: a configuration is written as {@code {"name": {...}}} and read as the record that is registered under the name. */
public abstract class NameResolver extends TypeIdResolverBase {
    private static final long serialVersionUID = 1L;

    /** For subclasses, one a door. */
    protected NameResolver() {}

    /**
     * Where names are looked up.
     *
     * @return the configurations of the door
     */
    protected abstract Configurations<?> configurations();

    @Override
    public String idFromValue(DatabindContext context, Object value) {
        return ((NamedConfiguration) value).name();
    }

    @Override
    public String idFromValueAndType(DatabindContext context, Object value, Class<?> suggested) {
        return idFromValue(context, value);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String name) {
        return context.constructType(configurations().defaults(name).getClass());
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
        return JsonTypeInfo.Id.CUSTOM;
    }
}

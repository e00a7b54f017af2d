package io.syncline.scheduler.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** A route that takes a configuration document, as JSON or YAML. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestMapping(
        method = RequestMethod.PUT,
        consumes = {
            MediaType.APPLICATION_JSON_VALUE,
            ConfigDocuments.APPLICATION_YAML,
            ConfigDocuments.APPLICATION_X_YAML,
            ConfigDocuments.TEXT_YAML,
            ConfigDocuments.TEXT_X_YAML
        })
@interface PutDocument {

    @AliasFor(annotation = RequestMapping.class, attribute = "path")
    String[] value();
}

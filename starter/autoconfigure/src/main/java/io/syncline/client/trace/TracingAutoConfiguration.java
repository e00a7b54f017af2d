package io.syncline.client.trace;

import io.syncline.tracing.Spans;
import io.syncline.tracing.TracingConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Import;

/** Requests, callbacks and trigger messages belong to the trace of who caused them. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBooleanProperty(name = "syncline.client.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(Spans.class)
@Import(TracingConfiguration.class)
class TracingAutoConfiguration {}

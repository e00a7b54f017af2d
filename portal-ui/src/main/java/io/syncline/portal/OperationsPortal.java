package io.syncline.portal;

import io.syncline.tracing.TracingConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** The operators' portal; it talks to the platform's API alone. */
@SpringBootApplication
@ConfigurationPropertiesScan
@Import(TracingConfiguration.class)
public class OperationsPortal {

    public static void main(String[] args) {
        SpringApplication.run(OperationsPortal.class, args);
    }
}

package io.syncline.portal;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The operators' portal; it talks to the platform's API alone. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class OperationsPortal {

    public static void main(String[] args) {
        SpringApplication.run(OperationsPortal.class, args);
    }
}

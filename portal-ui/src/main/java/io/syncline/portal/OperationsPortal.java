package io.syncline.portal;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The operators' portal; it talks to the platform's API alone. */
@SpringBootApplication
public class OperationsPortal {

    public static void main(String[] args) {
        SpringApplication.run(OperationsPortal.class, args);
    }
}

package io.syncline.consumer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The downstream reference service: sync APIs, file workers, reconciliation. */
@SpringBootApplication
public class DataConsumer {

    public static void main(String[] args) {
        SpringApplication.run(DataConsumer.class, args);
    }
}

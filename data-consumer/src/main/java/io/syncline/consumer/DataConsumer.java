package io.syncline.consumer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The downstream reference service: sync APIs, file workers, reconciliation. */
@SpringBootApplication
public class DataConsumer {

    public static void main(String[] args) {
        // H2's automatic server mode would listen on all interfaces; it reads this once, before the first connection.
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        SpringApplication.run(DataConsumer.class, args);
    }
}

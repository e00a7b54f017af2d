package io.syncline.provider;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The upstream reference service: datasets over REST. */
@SpringBootApplication
public class DataProvider {

    public static void main(String[] args) {
        SpringApplication.run(DataProvider.class, args);
    }
}

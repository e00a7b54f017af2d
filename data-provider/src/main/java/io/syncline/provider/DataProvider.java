package io.syncline.provider;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The upstream reference service: datasets over REST. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class DataProvider {

    public static void main(String[] args) {
        // The embedded database listens for further processes on this machine; nobody else has business there.
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        SpringApplication.run(DataProvider.class, args);
    }
}

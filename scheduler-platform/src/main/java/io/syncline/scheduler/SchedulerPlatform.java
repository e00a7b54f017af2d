package io.syncline.scheduler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The scheduling platform: takes trigger messages, runs task groups, calls downstreams until they report. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SchedulerPlatform {

    public static void main(String[] args) {
        // H2's automatic server mode listens on all interfaces unless told before its first class is loaded.
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        SpringApplication.run(SchedulerPlatform.class, args);
    }
}

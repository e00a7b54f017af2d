package io.syncline.scheduler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The scheduling platform: takes trigger messages, runs task groups, calls downstreams until they report. */
@SpringBootApplication
public class SchedulerPlatform {

    public static void main(String[] args) {
        SpringApplication.run(SchedulerPlatform.class, args);
    }
}

package com.example.prices.downstream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Keeps the prices of another system, loaded whenever the platform asks for it. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class PricesDownstream {

    public static void main(String[] args) {
        SpringApplication.run(PricesDownstream.class, args);
    }
}

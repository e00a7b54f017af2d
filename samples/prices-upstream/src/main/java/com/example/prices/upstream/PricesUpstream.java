package com.example.prices.upstream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Publishes price lists, tells the platform of each, and hands them out. */
@SpringBootApplication
public class PricesUpstream {

    public static void main(String[] args) {
        SpringApplication.run(PricesUpstream.class, args);
    }
}

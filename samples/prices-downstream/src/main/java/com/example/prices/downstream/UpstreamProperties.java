package com.example.prices.downstream;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** @param url where the price lists are, without a path */
@ConfigurationProperties("prices.upstream")
record UpstreamProperties(URI url) {}

package io.syncline.consumer.publish;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param publishDir where publications lie; every instance serves what is there, so instances share it */
@ConfigurationProperties("syncline.consumer")
record PublishProperties(@DefaultValue(".syncline/publish") Path publishDir) {}

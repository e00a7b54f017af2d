package io.syncline.scheduler.trigger;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The intake over Kafka, which is off until brokers are named. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(KafkaProperties.class)
class KafkaConfiguration {

    @Bean
    KafkaIntake kafkaIntake(Intake intake, KafkaProperties properties, MeterRegistry meters) {
        return new KafkaIntake(intake, properties, meters);
    }

    @Bean
    HealthIndicator kafkaHealthIndicator(KafkaIntake intake, KafkaProperties properties) {
        return () -> {
            if (!properties.isOn()) {
                return Health.unknown().withDetail("intake", "off").build();
            }
            return intake.isConnected()
                    ? Health.up().build()
                    : Health.down()
                            .withDetail("intake", "no broker is in reach")
                            .build();
        };
    }
}

package io.syncline.configserver;

import java.nio.file.Path;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.config.server.EnableConfigServer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A real Spring Cloud Config server over the files of one folder, on a free port of the loopback address. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigServer
public class ConfigServer {

    /** The port is its property {@code local.server.port}. */
    public static ConfigurableApplicationContext over(Path folder) {
        return new SpringApplicationBuilder(ConfigServer.class)
                .profiles("native")
                .run(
                        "--spring.config.location=optional:classpath:/none-of-its-own/",
                        "--spring.cloud.config.enabled=false",
                        "--spring.cloud.config.server.native.search-locations=" + folder.toUri(),
                        "--spring.quartz.auto-startup=false",
                        "--spring.jmx.enabled=false",
                        "--server.address=127.0.0.1",
                        "--server.port=0");
    }

    @Bean
    SecurityFilterChain everybody(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }
}

package io.syncline.provider.extract;

import io.syncline.provider.HomeProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where extracts lie. */
@Configuration(proxyBeanMethods = false)
class ExtractConfiguration {

    @Bean
    ExtractFolders extractFolders(HomeProperties home) {
        return new ExtractFolders(home.directory("extracts"));
    }
}

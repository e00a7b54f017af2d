package io.syncline.provider;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where this service keeps its files.
 *
 * @param home the folder; several instances over one database share it
 */
@ConfigurationProperties("syncline")
public record HomeProperties(@DefaultValue("./.syncline") Path home) {

    public Path directory(String name) {
        return home.resolve(name).toAbsolutePath().normalize();
    }
}

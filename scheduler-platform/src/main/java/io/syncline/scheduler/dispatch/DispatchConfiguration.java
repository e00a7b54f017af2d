package io.syncline.scheduler.dispatch;

import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.SignalConnections;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    /** The dispatcher ends it with its own rounds. */
    @Bean(destroyMethod = "")
    Neighbours neighbours(SignalConnections connections, Nodes nodes) {
        var source = connections.source();
        return source == null ? Neighbours.SILENT : new PostgresNeighbours(source, nodes);
    }
}

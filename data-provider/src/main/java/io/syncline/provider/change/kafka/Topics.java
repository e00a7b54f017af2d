package io.syncline.provider.change.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topic of a dataset where it is missing; one that is there is only looked at. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final KafkaProperties properties;

    Topics(KafkaProperties properties) {
        this.properties = properties;
    }

    /** @throws KafkaException when the broker cannot be reached */
    void prepare(String dataset) {
        var topic = properties.topic(dataset);
        var compacted = properties.compacted().contains(dataset);
        var settings = new HashMap<String, Object>(properties.properties());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, properties.servers());
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5000);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 8000);
        var admin = Admin.create(settings);
        try {
            make(admin, topic, compacted);
        } catch (ExecutionException e) {
            taken(topic, compacted, e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the topic " + topic + " could not be made within " + WITHIN, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private void make(Admin admin, String topic, boolean compacted)
            throws ExecutionException, InterruptedException, TimeoutException {
        var wanted = new NewTopic(
                topic, Optional.ofNullable(properties.partitions()), Optional.ofNullable(properties.replication()));
        wanted.configs(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE));
        try {
            admin.createTopics(Set.of(wanted)).all().get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("The topic {} was made, {}", topic, compacted ? "compacted" : "with deletion in time");
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            check(admin, topic, compacted);
        }
    }

    private static void check(Admin admin, String topic, boolean compacted)
            throws ExecutionException, InterruptedException, TimeoutException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var config = admin.describeConfigs(List.of(resource))
                .all()
                .get(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .get(resource);
        var policy = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT) != compacted) {
            LOG.warn(
                    "The topic {} has {}={}, syncline.provider.kafka.compacted says otherwise; the topic is left as it is",
                    topic,
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    policy.value());
        }
    }

    private static void taken(String topic, boolean compacted, @Nullable Throwable cause) {
        if (!(cause instanceof AuthorizationException)) {
            throw new KafkaException("the topic " + topic + " could not be made", cause);
        }
        LOG.warn(
                "The topic {} may neither be made nor looked at by this client; it has to be there with {}={}: {}",
                topic,
                TopicConfig.CLEANUP_POLICY_CONFIG,
                compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE,
                cause.getMessage());
    }
}

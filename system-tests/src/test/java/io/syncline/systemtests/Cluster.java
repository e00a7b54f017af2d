package io.syncline.systemtests;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * Two nodes in their own JVMs over one PostgreSQL, started once for all tests that ask for it and stopped after the last:
 * {@code @ExtendWith(Cluster.Shared.class)} and a parameter of this type. Such tests use group and system keys of their own
 * and leave both nodes running and ready; one that changes the settings of a node makes its own {@link Stack}.
 */
public final class Cluster implements AutoCloseable {

    /** From which both nodes take trigger messages. */
    static final String TOPIC = "syncline.triggers";

    /** After which a member of a group that was killed may be given up. */
    static final String SHORTEST_SESSION_MILLIS = "1500";

    private final Stack stack;
    private final EmbeddedKafkaKraftBroker broker;
    private final ServiceProcess first;
    private final ServiceProcess second;
    private final SpanCollector spans;
    private final PlatformChannel told;

    private Cluster(
            Stack stack,
            EmbeddedKafkaKraftBroker broker,
            ServiceProcess first,
            ServiceProcess second,
            SpanCollector spans,
            PlatformChannel told) {
        this.stack = stack;
        this.broker = broker;
        this.first = first;
        this.second = second;
        this.spans = spans;
        this.told = told;
    }

    private static Cluster start() {
        try {
            var home = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target").toAbsolutePath()), "cluster");
            var stack = Stack.onPostgres(home);
            var broker = startBroker();
            var spans = new SpanCollector();
            var told = new PlatformChannel();
            var first = stack.startNode(settings("node-1", broker, spans));
            // Two nodes that make the schema at once are another test's matter.
            Stack.ready(first);
            told.putTo(stack.platform());
            var second = Stack.ready(stack.startAnotherNode("node-2", settings("node-2", broker, spans)));
            return new Cluster(stack, broker, first, second, spans, told);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static EmbeddedKafkaKraftBroker startBroker() {
        var broker = new EmbeddedKafkaKraftBroker(1, 2, TOPIC);
        broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
        broker.brokerProperty("group.min.session.timeout.ms", SHORTEST_SESSION_MILLIS);
        broker.brokerProperty("transaction.state.log.replication.factor", "1");
        broker.brokerProperty("transaction.state.log.min.isr", "1");
        broker.brokerProperty("transaction.state.log.num.partitions", "2");
        broker.afterPropertiesSet();
        return broker;
    }

    private static String[] settings(String node, EmbeddedKafkaKraftBroker broker, SpanCollector spans) {
        return new String[] {
            "syncline.kafka.bootstrap-servers=" + broker.getBrokersAsString(),
            "syncline.kafka.max-retry-delay=1s",
            // The shortest that brokers allow unless told otherwise: the partitions of a killed node are read on that
            // soon.
            "syncline.kafka.properties[session.timeout.ms]=6000",
            "syncline.kafka.properties[heartbeat.interval.ms]=1500",
            "syncline.node.id=" + node,
            "syncline.log.format=json",
            "syncline.metrics.refresh=1s",
            "syncline.alerts.platform-channels=" + PlatformChannel.KEY,
            "syncline.tracing.endpoint=" + spans.url()
        };
    }

    /** What both nodes tell of their work. */
    public SpanCollector spans() {
        return spans;
    }

    /** What both nodes tell of the platform itself. */
    PlatformChannel told() {
        return told;
    }

    /** For services that a test starts and stops itself, with schemas of their own. */
    Stack stack() {
        return stack;
    }

    /** As a client of Kafka names them. */
    String brokers() {
        return broker.getBrokersAsString();
    }

    /** The first node, as its first client with the scope admin. */
    public PlatformApi platform() {
        return stack.platform();
    }

    public PlatformApi secondNode() {
        return stack.platformAt(second.url());
    }

    /** This node, as its first client. */
    PlatformApi at(ServiceProcess node) {
        return stack.platform().at(node.url());
    }

    public String publicUrl() {
        return stack.platformUrl();
    }

    public ServiceProcess first() {
        return first;
    }

    public ServiceProcess second() {
        return second;
    }

    /** Ends a node as a power cut would; who does so calls {@link #startAgain} in a {@code finally}. */
    void kill(ServiceProcess node) {
        node.kill();
    }

    /** Brings a node that was killed, or that has ended, back at its address and waits until it is ready; does nothing to one that runs. */
    void startAgain(ServiceProcess node) {
        if (!node.isAlive()) {
            node.startAgain();
            Stack.ready(node);
        }
    }

    /** The client that the nodes were started with. */
    public String admin() {
        return Stack.admin();
    }

    public String adminSecret() {
        return Stack.adminSecret();
    }

    /** The tables of the platform, to look at and never to change. */
    public Connection database() throws SQLException {
        return stack.database("scheduler");
    }

    /** A downstream of the test's own, that knows the platform's keys. */
    public RecordingDownstream downstream(String system) {
        var downstream = new RecordingDownstream(system);
        downstream.trust(publicUrl());
        return downstream;
    }

    @Override
    public void close() throws Exception {
        try {
            stack.close();
        } finally {
            broker.destroy();
            spans.close();
            told.close();
        }
    }

    /** Hands the one cluster to the tests. */
    public static final class Shared implements ParameterResolver {

        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Cluster.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Cluster.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // Where Maven uses several JVMs, the root of a context lasts for one class alone; a session ends with its
            // JVM.
            return context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
                    .computeIfAbsent(Cluster.class, key -> Cluster.start(), Cluster.class);
        }
    }
}

package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.History;
import io.syncline.systemtests.process.UnpackedNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Provider and consumers with those who write, read and are told: what runs beside the nodes where data is to be kept in step. */
final class DataSide implements AutoCloseable {

    private final DataServices services;
    private final Subscriber subscriber;
    private final Link subscriberLink;
    private final Owner owner;
    private final Days days;
    private final Society society;
    private final Readers readers;
    private final DataAftermath aftermath;

    DataSide(
            History history,
            Path home,
            Path shared,
            UnpackedNode provider,
            UnpackedNode consumer,
            Postgres postgres,
            Cluster cluster,
            long seed) {
        services = new DataServices(home, shared, provider, consumer, postgres, cluster);
        subscriber = new Subscriber(history);
        subscriberLink = new Link("to subscriber", subscriber.webhook()::port);
        var entrance = "http://127.0.0.1:" + services.provider().entrance().port();
        owner = new Owner(entrance, cluster::anyApi);
        days = new Days(history, owner);
        society = new Society(history, owner, seed);
        readers = new Readers(
                history,
                owner,
                entrance,
                services.consumers().stream().map(one -> one.process().url()).toList(),
                postgres);
        aftermath = new DataAftermath(postgres, history);
        try {
            Workload.putFiles(cluster.anyApi());
            Workload.tellFiles(history);
            services.subscribe(owner, subscriberLink.port());
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    void start() {
        society.start();
        days.start();
        readers.start();
    }

    List<Fault> faults() {
        return new DataFaults(services, subscriber, subscriberLink).all();
    }

    void heal() {
        subscriberLink.mend();
        subscriber.webhook().away(false);
        services.heal();
    }

    /** Nothing new is said; what is under way is said until it is answered. */
    void stop() {
        days.stop();
        society.stop();
    }

    boolean isQuiet() {
        return days.isQuiet() && society.isQuiet();
    }

    /** How much has not been carried out yet. */
    int open() throws SQLException {
        return aftermath.open();
    }

    void read() throws SQLException {
        aftermath.read();
    }

    @Override
    public void close() {
        owner.giveUp();
        stop();
        readers.close();
        services.close();
        subscriberLink.close();
        subscriber.close();
    }
}

package io.syncline.consumer.sync;

import io.syncline.client.Reports;
import io.syncline.client.TokenClient;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.Transactions;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Puts the parts of an engine together; the only place that knows all of them. */
final class SyncEngines {

    private SyncEngines() {}

    static SyncEngine create(
            ConsumerProperties properties,
            Datasets datasets,
            Transactions transactions,
            JdbcTemplate template,
            TokenClient tokens,
            Reports reports,
            JsonMapper json) {
        return create(properties, datasets, transactions, template, tokens, reports, json, Reconciler::onItsOwnThread);
    }

    /** @param beside reads a target while its source is read */
    static SyncEngine create(
            ConsumerProperties properties,
            Datasets datasets,
            Transactions transactions,
            JdbcTemplate template,
            TokenClient tokens,
            Reports reports,
            JsonMapper json,
            Executor beside) {
        var jdbc = JdbcClient.create(template);
        var instance =
                properties.instanceId() == null || properties.instanceId().isBlank()
                        ? "consumer-" + UUID.randomUUID().toString().substring(0, 8)
                        : properties.instanceId();
        var jobs = new JdbcSyncJobs(jdbc, instance, properties.lease());
        var files = new JdbcSyncFiles(jdbc, instance, properties.lease(), properties.shareGrace());
        var states = new JdbcDatasetStates(jdbc);
        var reconciliations = new JdbcReconciliations(jdbc, template);
        var leases = new JdbcLeases(transactions, jdbc, instance, properties.lease());
        var targets = new Targets(template, transactions.dialect());
        var provider = new ProviderClient(properties.providerUrl(), properties.readTimeout(), tokens, json);
        var spool = new Spool(properties.spoolDir());
        var jobReports = new JobReports(reports);
        var fileSteps = new FileSteps(
                transactions,
                jobs,
                files,
                leases,
                targets,
                provider,
                spool,
                jobReports,
                datasets,
                properties.fileTries());
        var reconciler = new Reconciler(
                transactions,
                jobs,
                files,
                reconciliations,
                targets,
                provider,
                spool,
                datasets,
                properties.sampleKeys(),
                beside);
        var jobSteps = new JobSteps(
                transactions,
                jobs,
                files,
                states,
                reconciliations,
                leases,
                targets,
                reconciler,
                provider,
                spool,
                jobReports,
                datasets,
                properties.extractWithin(),
                properties.reconcileAfter());
        return new SyncEngine(transactions, jobs, states, leases, jobSteps, fileSteps, spool, properties);
    }
}

package io.syncline.scheduler.quartz;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.store.SqlDialect;
import java.util.Properties;
import javax.sql.DataSource;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.quartz.autoconfigure.QuartzDataSource;
import org.springframework.boot.quartz.autoconfigure.QuartzTransactionManager;
import org.springframework.boot.quartz.autoconfigure.SchedulerFactoryBeanCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The clustered job store and the ticks that every cluster has. */
@Configuration(proxyBeanMethods = false)
class QuartzConfiguration {

    /** The scheduler's name in its tables; never to be changed, or a running cluster falls apart into two. */
    static final String SCHEDULER = "syncline";

    private static final int TICK_SECONDS = 5;
    private static final int ALIGN_SECONDS = 30;
    private static final int PURGE_SECONDS = 600;
    private static final int KEYS_SECONDS = 60;

    @Bean
    SchedulerFactoryBeanCustomizer clusteredClock(
            @QuartzDataSource DataSource dataSource,
            @QuartzTransactionManager PlatformTransactionManager transactions,
            SqlDialect dialect,
            MeterRegistry meters) {
        return factory -> {
            factory.setGlobalTriggerListeners(new FireMeters(meters));
            factory.setSchedulerName(SCHEDULER);
            factory.setDataSource(dataSource);
            factory.setTransactionManager(transactions);
            factory.setOverwriteExistingJobs(true);
            factory.setWaitForJobsToCompleteOnShutdown(true);
            factory.setQuartzProperties(properties(dialect));
        };
    }

    /** The clock stops before the connections that its last jobs need are closed. */
    @Bean
    static BeanFactoryPostProcessor clockStopsBeforeItsConnections() {
        return beans -> beans.getBeanDefinition("quartzScheduler").setDependsOn("connectionPools");
    }

    static Properties properties(SqlDialect dialect) {
        var properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", SCHEDULER);
        properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
        properties.setProperty("org.quartz.scheduler.idleWaitTime", "5000");
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "2000");
        properties.setProperty("org.quartz.jobStore.misfireThreshold", "60000");
        properties.setProperty("org.quartz.jobStore.tablePrefix", "QRTZ_");
        // Strings alone in the job data: nothing of ours is ever serialised into the tables.
        properties.setProperty("org.quartz.jobStore.useProperties", "true");
        properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        properties.setProperty("org.quartz.jobStore.driverDelegateClass", delegate(dialect));
        properties.setProperty("org.quartz.threadPool.threadCount", "4");
        return properties;
    }

    private static String delegate(SqlDialect dialect) {
        return switch (dialect) {
            case H2 -> "org.quartz.impl.jdbcjobstore.StdJDBCDelegate";
            case POSTGRESQL -> "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate";
            case ORACLE -> "org.quartz.impl.jdbcjobstore.oracle.OracleDelegate";
        };
    }

    @Bean
    ClockRows clockRows(
            @QuartzDataSource DataSource dataSource,
            @QuartzTransactionManager PlatformTransactionManager transactions) {
        return new JdbcClockRows(JdbcClient.create(dataSource), new TransactionTemplate(transactions));
    }

    @Bean
    ClockTransactions clockTransactions(@QuartzTransactionManager PlatformTransactionManager transactions) {
        return new ClockTransactions(new TransactionTemplate(transactions));
    }

    @Bean
    JobDetail sweepJob() {
        return JobBuilder.newJob(SweepJob.class)
                .withIdentity("sweep", "ticks")
                .storeDurably()
                .build();
    }

    @Bean
    Trigger sweepTick(JobDetail sweepJob) {
        return every(TICK_SECONDS, sweepJob);
    }

    @Bean
    JobDetail alignSchedulesJob() {
        return JobBuilder.newJob(AlignSchedulesJob.class)
                .withIdentity(AlignSchedulesJob.KEY)
                .storeDurably()
                .build();
    }

    @Bean
    Trigger alignSchedulesTick(JobDetail alignSchedulesJob) {
        return every(ALIGN_SECONDS, alignSchedulesJob);
    }

    @Bean
    JobDetail purgeJob() {
        return JobBuilder.newJob(PurgeJob.class)
                .withIdentity("purge", "ticks")
                .storeDurably()
                .build();
    }

    @Bean
    Trigger purgeTick(JobDetail purgeJob) {
        return every(PURGE_SECONDS, purgeJob);
    }

    @Bean
    JobDetail keyRotationJob() {
        return JobBuilder.newJob(KeyRotationJob.class)
                .withIdentity("key-rotation", "ticks")
                .storeDurably()
                .build();
    }

    @Bean
    Trigger keyRotationTick(JobDetail keyRotationJob) {
        return every(KEYS_SECONDS, keyRotationJob);
    }

    /** All schedules fire this one job; a node that dies in it leaves the firing to another. */
    @Bean
    JobDetail scheduleJob() {
        return JobBuilder.newJob(ScheduleJob.class)
                .withIdentity(ScheduleJob.KEY)
                .storeDurably()
                .requestRecovery()
                .build();
    }

    @Bean
    JobDetail catchUpJob() {
        return JobBuilder.newJob(CatchUpJob.class)
                .withIdentity(CatchUpJob.KEY)
                .storeDurably()
                .build();
    }

    @Bean
    JobDetail watchGroupsJob() {
        return JobBuilder.newJob(WatchGroupsJob.class)
                .withIdentity("watch-groups", "ticks")
                .storeDurably()
                .build();
    }

    @Bean
    Trigger watchGroupsTick(JobDetail watchGroupsJob) {
        return every(TICK_SECONDS, watchGroupsJob);
    }

    @Bean
    JobDetail sealAuditJob() {
        return JobBuilder.newJob(SealAuditJob.class)
                .withIdentity("seal-audit", "ticks")
                .storeDurably()
                .build();
    }

    @Bean
    Trigger sealAuditTick(JobDetail sealAuditJob) {
        return every(TICK_SECONDS, sealAuditJob);
    }

    private static Trigger every(int seconds, JobDetail job) {
        return TriggerBuilder.newTrigger()
                .forJob(job)
                .withIdentity(job.getKey().getName(), job.getKey().getGroup())
                .withSchedule(SimpleScheduleBuilder.repeatSecondlyForever(seconds)
                        .withMisfireHandlingInstructionNextWithRemainingCount())
                .build();
    }
}

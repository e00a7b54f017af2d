package com.example.plans;

import io.syncline.client.test.Downstream;
import io.syncline.client.test.DownstreamContract;
import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.SpringDownstream;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The service against everything that the platform and the network may do to it. */
class PlansContractTest extends DownstreamContract {

    /** Outlives the service, which the contract kills and starts again. */
    private static final String DATABASE = "jdbc:h2:mem:plans;DB_CLOSE_DELAY=-1";

    @Override
    protected Downstream start(FakePlatform platform) {
        return SpringDownstream.start(
                PlansService.class,
                platform,
                system(),
                Map.of("spring.datasource.url", DATABASE, "syncline.client.client-secret", "of-no-use-here"));
    }

    @Override
    protected String system() {
        return "plans";
    }

    @Override
    protected String path() {
        return "/sync/plans";
    }

    /** How often the work of the key was done. */
    @Override
    protected int effects(String businessKey) {
        return JdbcClient.create(new DriverManagerDataSource(DATABASE, "sa", ""))
                .sql("select count(*) from plan_copied where business_day = ?")
                .param(businessKey)
                .query(Integer.class)
                .single();
    }
}

package io.syncline.sample;

import io.syncline.client.test.Downstream;
import io.syncline.client.test.DownstreamContract;
import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.SpringDownstream;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sample, put to the contract; its database outlives it. */
abstract class SampleDownstreamContract extends DownstreamContract {

    abstract Map<String, String> databaseProperties();

    abstract DataSource database();

    @Override
    protected Downstream start(FakePlatform platform) {
        var properties = new HashMap<>(databaseProperties());
        properties.put("syncline.client.store.create-tables", "always");
        return SpringDownstream.start(SampleDownstream.class, platform, system(), properties);
    }

    @Override
    protected String system() {
        return "sample";
    }

    @Override
    protected String path() {
        return "/sync/plans";
    }

    @Override
    protected int effects(String businessKey) {
        return JdbcClient.create(database())
                .sql("select count(*) from plan_copy where business_day = ?")
                .param(businessKey)
                .query(Integer.class)
                .single();
    }
}

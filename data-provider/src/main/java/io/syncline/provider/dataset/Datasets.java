package io.syncline.provider.dataset;

import io.syncline.provider.problem.ProblemException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** The configured datasets, read once at start-up; a wrong configuration refuses the start with all its faults. */
@Component
public class Datasets {

    private final Map<String, Dataset> byName = new LinkedHashMap<>();

    Datasets(ProviderProperties properties, DataSource dataSource) throws SQLException {
        var faults = new ArrayList<String>();
        try (var connection = dataSource.getConnection()) {
            var reader = new DatasetReader(connection);
            for (var settings : properties.datasets()) {
                reader.read(settings, faults).ifPresent(dataset -> {
                    if (byName.put(dataset.name(), dataset) != null) {
                        faults.add("dataset '" + dataset.name() + "' is configured twice");
                    }
                });
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongDatasetException(faults);
        }
    }

    public Collection<Dataset> all() {
        return byName.values();
    }

    public Optional<Dataset> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws ProblemException 404 */
    public Dataset get(String name) {
        var dataset = byName.get(name);
        if (dataset == null) {
            throw ProblemException.of(404, "no-such-dataset", "There is no such dataset")
                    .detail("GET /datasets lists the datasets of this service");
        }
        return dataset;
    }
}

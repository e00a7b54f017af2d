package io.syncline.consumer.enrichment;

import io.syncline.consumer.csv.PackedCsv.Written;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What was made of the files of one business key. The same files and the same answers of the provider give the same manifest.
 *
 * @param sources the files that were enriched, as their sender announced them
 * @param columns of each enriched file
 * @param files the enriched files, in the order of their lines
 * @param rejects the lines that were left out, with their reasons
 * @param reasons how many lines were rejected for which reason
 * @param ids how many distinct ids were looked up
 * @param seconds sums of the columns of seconds
 */
record EnrichedManifest(
        String enrichment,
        String businessKey,
        List<ExtractFile> sources,
        List<String> columns,
        List<Written> files,
        Written rejects,
        Map<String, Long> reasons,
        AskedIds ids,
        Map<String, Sum> seconds) {

    /** Distinct ids that the provider was asked for. */
    record AskedIds(long asked, long found, long notFound) {}

    /**
     * A column's sum, as far as the lines have a readable number.
     *
     * @param source over all lines of the sources
     * @param enriched over the enriched files
     * @param rejected over the rejected lines
     */
    record Sum(long source, long enriched, long rejected) {

        boolean isBalanced() {
            return source == enriched + rejected;
        }
    }

    List<String> fileNames() {
        var names = new ArrayList<String>();
        files.forEach(file -> names.add(file.name()));
        names.add(rejects.name());
        return names;
    }
}

-- Who asked for an extract first; null for those from before.
ALTER TABLE dataset_extract ADD requested_by VARCHAR(255);

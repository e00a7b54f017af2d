-- The target tables of the daily reference data, and the staging table beside each.

CREATE TABLE runways (
    id                        VARCHAR(255) NOT NULL,
    airport_ref               VARCHAR(4000),
    airport_ident             VARCHAR(4000),
    length_ft                 VARCHAR(4000),
    width_ft                  VARCHAR(4000),
    surface                   VARCHAR(4000),
    lighted                   VARCHAR(4000),
    closed                    VARCHAR(4000),
    le_ident                  VARCHAR(4000),
    le_latitude_deg           VARCHAR(4000),
    le_longitude_deg          VARCHAR(4000),
    le_elevation_ft           VARCHAR(4000),
    le_heading_deg_t          VARCHAR(4000),
    le_displaced_threshold_ft VARCHAR(4000),
    he_ident                  VARCHAR(4000),
    he_latitude_deg           VARCHAR(4000),
    he_longitude_deg          VARCHAR(4000),
    he_elevation_ft           VARCHAR(4000),
    he_heading_deg_t          VARCHAR(4000),
    he_displaced_threshold_ft VARCHAR(4000),
    row_version               BIGINT NOT NULL,
    updated_at                TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_runways PRIMARY KEY (id)
);

CREATE TABLE stage_runways (
    job_id                    VARCHAR(36) NOT NULL,
    file_no                   INTEGER NOT NULL,
    id                        VARCHAR(255) NOT NULL,
    airport_ref               VARCHAR(4000),
    airport_ident             VARCHAR(4000),
    length_ft                 VARCHAR(4000),
    width_ft                  VARCHAR(4000),
    surface                   VARCHAR(4000),
    lighted                   VARCHAR(4000),
    closed                    VARCHAR(4000),
    le_ident                  VARCHAR(4000),
    le_latitude_deg           VARCHAR(4000),
    le_longitude_deg          VARCHAR(4000),
    le_elevation_ft           VARCHAR(4000),
    le_heading_deg_t          VARCHAR(4000),
    le_displaced_threshold_ft VARCHAR(4000),
    he_ident                  VARCHAR(4000),
    he_latitude_deg           VARCHAR(4000),
    he_longitude_deg          VARCHAR(4000),
    he_elevation_ft           VARCHAR(4000),
    he_heading_deg_t          VARCHAR(4000),
    he_displaced_threshold_ft VARCHAR(4000),
    CONSTRAINT pk_stage_runways PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_runways_file ON stage_runways (job_id, file_no);

CREATE TABLE airport_frequencies (
    id            VARCHAR(255) NOT NULL,
    airport_ref   VARCHAR(4000),
    airport_ident VARCHAR(4000),
    type          VARCHAR(4000),
    description   VARCHAR(4000),
    frequency_mhz VARCHAR(4000),
    row_version   BIGINT NOT NULL,
    updated_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_airport_frequencies PRIMARY KEY (id)
);

CREATE TABLE stage_airport_frequencies (
    job_id        VARCHAR(36) NOT NULL,
    file_no       INTEGER NOT NULL,
    id            VARCHAR(255) NOT NULL,
    airport_ref   VARCHAR(4000),
    airport_ident VARCHAR(4000),
    type          VARCHAR(4000),
    description   VARCHAR(4000),
    frequency_mhz VARCHAR(4000),
    CONSTRAINT pk_stage_airport_frequencies PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_airport_frequencies_file ON stage_airport_frequencies (job_id, file_no);

CREATE TABLE navaids (
    id                     VARCHAR(255) NOT NULL,
    filename               VARCHAR(4000),
    ident                  VARCHAR(4000),
    name                   VARCHAR(4000),
    type                   VARCHAR(4000),
    frequency_khz          VARCHAR(4000),
    latitude_deg           VARCHAR(4000),
    longitude_deg          VARCHAR(4000),
    elevation_ft           VARCHAR(4000),
    iso_country            VARCHAR(4000),
    dme_frequency_khz      VARCHAR(4000),
    dme_channel            VARCHAR(4000),
    dme_latitude_deg       VARCHAR(4000),
    dme_longitude_deg      VARCHAR(4000),
    dme_elevation_ft       VARCHAR(4000),
    slaved_variation_deg   VARCHAR(4000),
    magnetic_variation_deg VARCHAR(4000),
    usage_type             VARCHAR(4000),
    power                  VARCHAR(4000),
    associated_airport     VARCHAR(4000),
    row_version            BIGINT NOT NULL,
    updated_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_navaids PRIMARY KEY (id)
);

CREATE TABLE stage_navaids (
    job_id                 VARCHAR(36) NOT NULL,
    file_no                INTEGER NOT NULL,
    id                     VARCHAR(255) NOT NULL,
    filename               VARCHAR(4000),
    ident                  VARCHAR(4000),
    name                   VARCHAR(4000),
    type                   VARCHAR(4000),
    frequency_khz          VARCHAR(4000),
    latitude_deg           VARCHAR(4000),
    longitude_deg          VARCHAR(4000),
    elevation_ft           VARCHAR(4000),
    iso_country            VARCHAR(4000),
    dme_frequency_khz      VARCHAR(4000),
    dme_channel            VARCHAR(4000),
    dme_latitude_deg       VARCHAR(4000),
    dme_longitude_deg      VARCHAR(4000),
    dme_elevation_ft       VARCHAR(4000),
    slaved_variation_deg   VARCHAR(4000),
    magnetic_variation_deg VARCHAR(4000),
    usage_type             VARCHAR(4000),
    power                  VARCHAR(4000),
    associated_airport     VARCHAR(4000),
    CONSTRAINT pk_stage_navaids PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_navaids_file ON stage_navaids (job_id, file_no);

CREATE TABLE regions (
    id             VARCHAR(255) NOT NULL,
    code           VARCHAR(4000),
    local_code     VARCHAR(4000),
    name           VARCHAR(4000),
    continent      VARCHAR(4000),
    iso_country    VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords       VARCHAR(4000),
    row_version    BIGINT NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_regions PRIMARY KEY (id)
);

CREATE TABLE stage_regions (
    job_id         VARCHAR(36) NOT NULL,
    file_no        INTEGER NOT NULL,
    id             VARCHAR(255) NOT NULL,
    code           VARCHAR(4000),
    local_code     VARCHAR(4000),
    name           VARCHAR(4000),
    continent      VARCHAR(4000),
    iso_country    VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords       VARCHAR(4000),
    CONSTRAINT pk_stage_regions PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_regions_file ON stage_regions (job_id, file_no);

CREATE TABLE countries (
    id             VARCHAR(255) NOT NULL,
    code           VARCHAR(4000),
    name           VARCHAR(4000),
    continent      VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords       VARCHAR(4000),
    row_version    BIGINT NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_countries PRIMARY KEY (id)
);

CREATE TABLE stage_countries (
    job_id         VARCHAR(36) NOT NULL,
    file_no        INTEGER NOT NULL,
    id             VARCHAR(255) NOT NULL,
    code           VARCHAR(4000),
    name           VARCHAR(4000),
    continent      VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords       VARCHAR(4000),
    CONSTRAINT pk_stage_countries PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_countries_file ON stage_countries (job_id, file_no);

-- The target tables of the daily reference data, and the staging table beside each.

CREATE TABLE runways (
    id                        VARCHAR2(255 CHAR) NOT NULL,
    airport_ref               VARCHAR2(4000 CHAR),
    airport_ident             VARCHAR2(4000 CHAR),
    length_ft                 VARCHAR2(4000 CHAR),
    width_ft                  VARCHAR2(4000 CHAR),
    surface                   VARCHAR2(4000 CHAR),
    lighted                   VARCHAR2(4000 CHAR),
    closed                    VARCHAR2(4000 CHAR),
    le_ident                  VARCHAR2(4000 CHAR),
    le_latitude_deg           VARCHAR2(4000 CHAR),
    le_longitude_deg          VARCHAR2(4000 CHAR),
    le_elevation_ft           VARCHAR2(4000 CHAR),
    le_heading_deg_t          VARCHAR2(4000 CHAR),
    le_displaced_threshold_ft VARCHAR2(4000 CHAR),
    he_ident                  VARCHAR2(4000 CHAR),
    he_latitude_deg           VARCHAR2(4000 CHAR),
    he_longitude_deg          VARCHAR2(4000 CHAR),
    he_elevation_ft           VARCHAR2(4000 CHAR),
    he_heading_deg_t          VARCHAR2(4000 CHAR),
    he_displaced_threshold_ft VARCHAR2(4000 CHAR),
    row_version               NUMBER(19) NOT NULL,
    updated_at                TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_runways PRIMARY KEY (id)
);

CREATE TABLE stage_runways (
    job_id                    VARCHAR2(36 CHAR) NOT NULL,
    file_no                   NUMBER(10) NOT NULL,
    id                        VARCHAR2(255 CHAR) NOT NULL,
    airport_ref               VARCHAR2(4000 CHAR),
    airport_ident             VARCHAR2(4000 CHAR),
    length_ft                 VARCHAR2(4000 CHAR),
    width_ft                  VARCHAR2(4000 CHAR),
    surface                   VARCHAR2(4000 CHAR),
    lighted                   VARCHAR2(4000 CHAR),
    closed                    VARCHAR2(4000 CHAR),
    le_ident                  VARCHAR2(4000 CHAR),
    le_latitude_deg           VARCHAR2(4000 CHAR),
    le_longitude_deg          VARCHAR2(4000 CHAR),
    le_elevation_ft           VARCHAR2(4000 CHAR),
    le_heading_deg_t          VARCHAR2(4000 CHAR),
    le_displaced_threshold_ft VARCHAR2(4000 CHAR),
    he_ident                  VARCHAR2(4000 CHAR),
    he_latitude_deg           VARCHAR2(4000 CHAR),
    he_longitude_deg          VARCHAR2(4000 CHAR),
    he_elevation_ft           VARCHAR2(4000 CHAR),
    he_heading_deg_t          VARCHAR2(4000 CHAR),
    he_displaced_threshold_ft VARCHAR2(4000 CHAR),
    CONSTRAINT pk_stage_runways PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_runways_file ON stage_runways (job_id, file_no);

CREATE TABLE airport_frequencies (
    id            VARCHAR2(255 CHAR) NOT NULL,
    airport_ref   VARCHAR2(4000 CHAR),
    airport_ident VARCHAR2(4000 CHAR),
    type          VARCHAR2(4000 CHAR),
    description   VARCHAR2(4000 CHAR),
    frequency_mhz VARCHAR2(4000 CHAR),
    row_version   NUMBER(19) NOT NULL,
    updated_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_airport_frequencies PRIMARY KEY (id)
);

CREATE TABLE stage_airport_frequencies (
    job_id        VARCHAR2(36 CHAR) NOT NULL,
    file_no       NUMBER(10) NOT NULL,
    id            VARCHAR2(255 CHAR) NOT NULL,
    airport_ref   VARCHAR2(4000 CHAR),
    airport_ident VARCHAR2(4000 CHAR),
    type          VARCHAR2(4000 CHAR),
    description   VARCHAR2(4000 CHAR),
    frequency_mhz VARCHAR2(4000 CHAR),
    CONSTRAINT pk_stage_airport_frequencies PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_airport_frequencies_file ON stage_airport_frequencies (job_id, file_no);

CREATE TABLE navaids (
    id                     VARCHAR2(255 CHAR) NOT NULL,
    filename               VARCHAR2(4000 CHAR),
    ident                  VARCHAR2(4000 CHAR),
    name                   VARCHAR2(4000 CHAR),
    type                   VARCHAR2(4000 CHAR),
    frequency_khz          VARCHAR2(4000 CHAR),
    latitude_deg           VARCHAR2(4000 CHAR),
    longitude_deg          VARCHAR2(4000 CHAR),
    elevation_ft           VARCHAR2(4000 CHAR),
    iso_country            VARCHAR2(4000 CHAR),
    dme_frequency_khz      VARCHAR2(4000 CHAR),
    dme_channel            VARCHAR2(4000 CHAR),
    dme_latitude_deg       VARCHAR2(4000 CHAR),
    dme_longitude_deg      VARCHAR2(4000 CHAR),
    dme_elevation_ft       VARCHAR2(4000 CHAR),
    slaved_variation_deg   VARCHAR2(4000 CHAR),
    magnetic_variation_deg VARCHAR2(4000 CHAR),
    usage_type             VARCHAR2(4000 CHAR),
    power                  VARCHAR2(4000 CHAR),
    associated_airport     VARCHAR2(4000 CHAR),
    row_version            NUMBER(19) NOT NULL,
    updated_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_navaids PRIMARY KEY (id)
);

CREATE TABLE stage_navaids (
    job_id                 VARCHAR2(36 CHAR) NOT NULL,
    file_no                NUMBER(10) NOT NULL,
    id                     VARCHAR2(255 CHAR) NOT NULL,
    filename               VARCHAR2(4000 CHAR),
    ident                  VARCHAR2(4000 CHAR),
    name                   VARCHAR2(4000 CHAR),
    type                   VARCHAR2(4000 CHAR),
    frequency_khz          VARCHAR2(4000 CHAR),
    latitude_deg           VARCHAR2(4000 CHAR),
    longitude_deg          VARCHAR2(4000 CHAR),
    elevation_ft           VARCHAR2(4000 CHAR),
    iso_country            VARCHAR2(4000 CHAR),
    dme_frequency_khz      VARCHAR2(4000 CHAR),
    dme_channel            VARCHAR2(4000 CHAR),
    dme_latitude_deg       VARCHAR2(4000 CHAR),
    dme_longitude_deg      VARCHAR2(4000 CHAR),
    dme_elevation_ft       VARCHAR2(4000 CHAR),
    slaved_variation_deg   VARCHAR2(4000 CHAR),
    magnetic_variation_deg VARCHAR2(4000 CHAR),
    usage_type             VARCHAR2(4000 CHAR),
    power                  VARCHAR2(4000 CHAR),
    associated_airport     VARCHAR2(4000 CHAR),
    CONSTRAINT pk_stage_navaids PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_navaids_file ON stage_navaids (job_id, file_no);

CREATE TABLE regions (
    id             VARCHAR2(255 CHAR) NOT NULL,
    code           VARCHAR2(4000 CHAR),
    local_code     VARCHAR2(4000 CHAR),
    name           VARCHAR2(4000 CHAR),
    continent      VARCHAR2(4000 CHAR),
    iso_country    VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords       VARCHAR2(4000 CHAR),
    row_version    NUMBER(19) NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_regions PRIMARY KEY (id)
);

CREATE TABLE stage_regions (
    job_id         VARCHAR2(36 CHAR) NOT NULL,
    file_no        NUMBER(10) NOT NULL,
    id             VARCHAR2(255 CHAR) NOT NULL,
    code           VARCHAR2(4000 CHAR),
    local_code     VARCHAR2(4000 CHAR),
    name           VARCHAR2(4000 CHAR),
    continent      VARCHAR2(4000 CHAR),
    iso_country    VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords       VARCHAR2(4000 CHAR),
    CONSTRAINT pk_stage_regions PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_regions_file ON stage_regions (job_id, file_no);

CREATE TABLE countries (
    id             VARCHAR2(255 CHAR) NOT NULL,
    code           VARCHAR2(4000 CHAR),
    name           VARCHAR2(4000 CHAR),
    continent      VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords       VARCHAR2(4000 CHAR),
    row_version    NUMBER(19) NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_countries PRIMARY KEY (id)
);

CREATE TABLE stage_countries (
    job_id         VARCHAR2(36 CHAR) NOT NULL,
    file_no        NUMBER(10) NOT NULL,
    id             VARCHAR2(255 CHAR) NOT NULL,
    code           VARCHAR2(4000 CHAR),
    name           VARCHAR2(4000 CHAR),
    continent      VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords       VARCHAR2(4000 CHAR),
    CONSTRAINT pk_stage_countries PRIMARY KEY (job_id, id)
);

CREATE INDEX ix_stage_countries_file ON stage_countries (job_id, file_no);

-- Tables of the datasets that the default configuration names. All columns are text, so that a copy is faithful
-- to the published file: leading zeros, trailing zeros and the text NA stay what they are; an empty cell is null.

CREATE TABLE runways (
    id VARCHAR(64) NOT NULL,
    airport_ref VARCHAR(4000),
    airport_ident VARCHAR(4000),
    length_ft VARCHAR(4000),
    width_ft VARCHAR(4000),
    surface VARCHAR(4000),
    lighted VARCHAR(4000),
    closed VARCHAR(4000),
    le_ident VARCHAR(4000),
    le_latitude_deg VARCHAR(4000),
    le_longitude_deg VARCHAR(4000),
    le_elevation_ft VARCHAR(4000),
    le_heading_deg_t VARCHAR(4000),
    le_displaced_threshold_ft VARCHAR(4000),
    he_ident VARCHAR(4000),
    he_latitude_deg VARCHAR(4000),
    he_longitude_deg VARCHAR(4000),
    he_elevation_ft VARCHAR(4000),
    he_heading_deg_t VARCHAR(4000),
    he_displaced_threshold_ft VARCHAR(4000),
    CONSTRAINT runways_pk PRIMARY KEY (id)
);

CREATE TABLE airport_frequencies (
    id VARCHAR(64) NOT NULL,
    airport_ref VARCHAR(4000),
    airport_ident VARCHAR(4000),
    type VARCHAR(4000),
    description VARCHAR(4000),
    frequency_mhz VARCHAR(4000),
    CONSTRAINT airport_frequencies_pk PRIMARY KEY (id)
);

CREATE TABLE navaids (
    id VARCHAR(64) NOT NULL,
    filename VARCHAR(4000),
    ident VARCHAR(4000),
    name VARCHAR(4000),
    type VARCHAR(4000),
    frequency_khz VARCHAR(4000),
    latitude_deg VARCHAR(4000),
    longitude_deg VARCHAR(4000),
    elevation_ft VARCHAR(4000),
    iso_country VARCHAR(4000),
    dme_frequency_khz VARCHAR(4000),
    dme_channel VARCHAR(4000),
    dme_latitude_deg VARCHAR(4000),
    dme_longitude_deg VARCHAR(4000),
    dme_elevation_ft VARCHAR(4000),
    slaved_variation_deg VARCHAR(4000),
    magnetic_variation_deg VARCHAR(4000),
    usage_type VARCHAR(4000),
    power VARCHAR(4000),
    associated_airport VARCHAR(4000),
    CONSTRAINT navaids_pk PRIMARY KEY (id)
);

CREATE TABLE regions (
    id VARCHAR(64) NOT NULL,
    code VARCHAR(4000),
    local_code VARCHAR(4000),
    name VARCHAR(4000),
    continent VARCHAR(4000),
    iso_country VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords VARCHAR(4000),
    CONSTRAINT regions_pk PRIMARY KEY (id)
);

CREATE TABLE countries (
    id VARCHAR(64) NOT NULL,
    code VARCHAR(4000),
    name VARCHAR(4000),
    continent VARCHAR(4000),
    wikipedia_link VARCHAR(4000),
    keywords VARCHAR(4000),
    CONSTRAINT countries_pk PRIMARY KEY (id)
);

CREATE TABLE subscribers (
    customer_id VARCHAR(64) NOT NULL,
    gender VARCHAR(4000),
    senior_citizen VARCHAR(4000),
    partner VARCHAR(4000),
    dependents VARCHAR(4000),
    tenure VARCHAR(4000),
    phone_service VARCHAR(4000),
    multiple_lines VARCHAR(4000),
    internet_service VARCHAR(4000),
    online_security VARCHAR(4000),
    online_backup VARCHAR(4000),
    device_protection VARCHAR(4000),
    tech_support VARCHAR(4000),
    streaming_tv VARCHAR(4000),
    streaming_movies VARCHAR(4000),
    contract VARCHAR(4000),
    paperless_billing VARCHAR(4000),
    payment_method VARCHAR(4000),
    monthly_charges VARCHAR(4000),
    total_charges VARCHAR(4000),
    churn VARCHAR(4000),
    CONSTRAINT subscribers_pk PRIMARY KEY (customer_id)
);

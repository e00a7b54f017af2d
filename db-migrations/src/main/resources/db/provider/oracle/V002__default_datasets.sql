-- Tables of the datasets that the default configuration names. All columns are text, so that a copy is faithful
-- to the published file: leading zeros, trailing zeros and the text NA stay what they are; an empty cell is null.

CREATE TABLE runways (
    id VARCHAR2(64 CHAR) NOT NULL,
    airport_ref VARCHAR2(4000 CHAR),
    airport_ident VARCHAR2(4000 CHAR),
    length_ft VARCHAR2(4000 CHAR),
    width_ft VARCHAR2(4000 CHAR),
    surface VARCHAR2(4000 CHAR),
    lighted VARCHAR2(4000 CHAR),
    closed VARCHAR2(4000 CHAR),
    le_ident VARCHAR2(4000 CHAR),
    le_latitude_deg VARCHAR2(4000 CHAR),
    le_longitude_deg VARCHAR2(4000 CHAR),
    le_elevation_ft VARCHAR2(4000 CHAR),
    le_heading_deg_t VARCHAR2(4000 CHAR),
    le_displaced_threshold_ft VARCHAR2(4000 CHAR),
    he_ident VARCHAR2(4000 CHAR),
    he_latitude_deg VARCHAR2(4000 CHAR),
    he_longitude_deg VARCHAR2(4000 CHAR),
    he_elevation_ft VARCHAR2(4000 CHAR),
    he_heading_deg_t VARCHAR2(4000 CHAR),
    he_displaced_threshold_ft VARCHAR2(4000 CHAR),
    CONSTRAINT runways_pk PRIMARY KEY (id)
);

CREATE TABLE airport_frequencies (
    id VARCHAR2(64 CHAR) NOT NULL,
    airport_ref VARCHAR2(4000 CHAR),
    airport_ident VARCHAR2(4000 CHAR),
    type VARCHAR2(4000 CHAR),
    description VARCHAR2(4000 CHAR),
    frequency_mhz VARCHAR2(4000 CHAR),
    CONSTRAINT airport_frequencies_pk PRIMARY KEY (id)
);

CREATE TABLE navaids (
    id VARCHAR2(64 CHAR) NOT NULL,
    filename VARCHAR2(4000 CHAR),
    ident VARCHAR2(4000 CHAR),
    name VARCHAR2(4000 CHAR),
    type VARCHAR2(4000 CHAR),
    frequency_khz VARCHAR2(4000 CHAR),
    latitude_deg VARCHAR2(4000 CHAR),
    longitude_deg VARCHAR2(4000 CHAR),
    elevation_ft VARCHAR2(4000 CHAR),
    iso_country VARCHAR2(4000 CHAR),
    dme_frequency_khz VARCHAR2(4000 CHAR),
    dme_channel VARCHAR2(4000 CHAR),
    dme_latitude_deg VARCHAR2(4000 CHAR),
    dme_longitude_deg VARCHAR2(4000 CHAR),
    dme_elevation_ft VARCHAR2(4000 CHAR),
    slaved_variation_deg VARCHAR2(4000 CHAR),
    magnetic_variation_deg VARCHAR2(4000 CHAR),
    usage_type VARCHAR2(4000 CHAR),
    power VARCHAR2(4000 CHAR),
    associated_airport VARCHAR2(4000 CHAR),
    CONSTRAINT navaids_pk PRIMARY KEY (id)
);

CREATE TABLE regions (
    id VARCHAR2(64 CHAR) NOT NULL,
    code VARCHAR2(4000 CHAR),
    local_code VARCHAR2(4000 CHAR),
    name VARCHAR2(4000 CHAR),
    continent VARCHAR2(4000 CHAR),
    iso_country VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords VARCHAR2(4000 CHAR),
    CONSTRAINT regions_pk PRIMARY KEY (id)
);

CREATE TABLE countries (
    id VARCHAR2(64 CHAR) NOT NULL,
    code VARCHAR2(4000 CHAR),
    name VARCHAR2(4000 CHAR),
    continent VARCHAR2(4000 CHAR),
    wikipedia_link VARCHAR2(4000 CHAR),
    keywords VARCHAR2(4000 CHAR),
    CONSTRAINT countries_pk PRIMARY KEY (id)
);

CREATE TABLE subscribers (
    customer_id VARCHAR2(64 CHAR) NOT NULL,
    gender VARCHAR2(4000 CHAR),
    senior_citizen VARCHAR2(4000 CHAR),
    partner VARCHAR2(4000 CHAR),
    dependents VARCHAR2(4000 CHAR),
    tenure VARCHAR2(4000 CHAR),
    phone_service VARCHAR2(4000 CHAR),
    multiple_lines VARCHAR2(4000 CHAR),
    internet_service VARCHAR2(4000 CHAR),
    online_security VARCHAR2(4000 CHAR),
    online_backup VARCHAR2(4000 CHAR),
    device_protection VARCHAR2(4000 CHAR),
    tech_support VARCHAR2(4000 CHAR),
    streaming_tv VARCHAR2(4000 CHAR),
    streaming_movies VARCHAR2(4000 CHAR),
    contract VARCHAR2(4000 CHAR),
    paperless_billing VARCHAR2(4000 CHAR),
    payment_method VARCHAR2(4000 CHAR),
    monthly_charges VARCHAR2(4000 CHAR),
    total_charges VARCHAR2(4000 CHAR),
    churn VARCHAR2(4000 CHAR),
    CONSTRAINT subscribers_pk PRIMARY KEY (customer_id)
);

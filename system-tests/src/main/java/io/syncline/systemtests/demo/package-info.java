/**
 * The demonstration: the whole system on one machine, with data, and a report.
 * It uses only what an operator could: jars, settings and the APIs.
 */
@NullMarked
package io.syncline.systemtests.demo;

import org.jspecify.annotations.NullMarked;

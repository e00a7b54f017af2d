/**
 * Judges SQL by Oracle's grammar without an Oracle at hand; for the tests of every module that has SQL.
 * It does not prove that a statement runs there: types, functions and rights are beyond a grammar.
 */
@NullMarked
package io.syncline.migrations.oracle;

import org.jspecify.annotations.NullMarked;

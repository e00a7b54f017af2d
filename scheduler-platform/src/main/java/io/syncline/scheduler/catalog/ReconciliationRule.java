package io.syncline.scheduler.catalog;

/**
 * When a COMPLETED report balances.
 *
 * @param required a COMPLETED report without reconciliation fails
 * @param toleranceRows the largest difference that still balances, for each of the four counts alone
 */
public record ReconciliationRule(boolean required, long toleranceRows) {}

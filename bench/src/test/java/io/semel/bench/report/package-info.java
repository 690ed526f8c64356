/**
 * What the bench says about its figures.
 * No figure is measured here.
 * Start reading at {@link io.semel.bench.report.BaselineTest}.
 */
package io.semel.bench.report;

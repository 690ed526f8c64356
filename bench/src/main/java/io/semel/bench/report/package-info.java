/**
 * What was measured, as text for a terminal and as one self-contained HTML page with plots. Never measures.
 * Start reading at {@link io.semel.bench.report.Report}.
 */
package io.semel.bench.report;

/**
 * What can be watched while a broker runs, by JMX. Nothing here keeps state or changes any: every look asks
 * the lanes that own it. Start reading at {@link io.semel.broker.metrics.TransactionGauges}.
 */
package io.semel.broker.metrics;

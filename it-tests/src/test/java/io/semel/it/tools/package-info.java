/**
 * Apache Kafka's own command-line classes, Connect and the programs of its system tests, run against the
 * engine;
 * what they show is docs/compatibility.md. No check here knows anything of the engine but its address. Start
 * reading at CompatibilityTest.
 */
package io.semel.it.tools;

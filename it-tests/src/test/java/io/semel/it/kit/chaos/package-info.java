/**
 * The chaos command, its schedule and its reports. Start reading at ChaosMainTest.
 */
package io.semel.it.kit.chaos;

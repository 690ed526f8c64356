/**
 * Each fault against real clients and our engine. Never looks inside the broker. Start reading at
 * FaultsTest.
 */
package io.semel.it.kit.faults;

/**
 * The protocol's desks: one class per API, which reads a request, asks the rooms and words the answer. The
 * file listing is the protocol table. A desk keeps no state of its own beyond what one connection needs; it
 * never touches a partition or shard except by mail.
 * Start reading at {@link io.semel.broker.desk.ProduceDesk} and {@link io.semel.broker.desk.FrontDesk}.
 */
package io.semel.broker.desk;

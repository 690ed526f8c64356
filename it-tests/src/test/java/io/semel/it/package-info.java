/**
 * The rules of the house, checked on the sources themselves: floors, circles, banned calls, sizes.
 * It never runs a broker: stories and simulations live in the packages below.
 * Start reading at {@link io.semel.it.HouseRulesTest}.
 */
package io.semel.it;

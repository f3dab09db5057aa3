"""The air between bumble controllers: delivery, an optional connection interval, supervision timeouts."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bumble import core, hci, ll
from bumble.controller import Connection, Controller
from bumble.link import LocalLink

SUPERVISION_TIMEOUT = int(hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
ACL_BYTES = 251  # longest link-layer payload with data length extension; bumble's default of 27 means many fragments
PACKETS_PER_EVENT = 6  # what common controllers manage in one connection event


@dataclass(slots=True)
class _Lane:
    """Packets of one direction of one connection that wait for the next connection event."""

    waiting: deque[bytes] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None


class VirtualLink(LocalLink):
    """A lossless link layer. connection_interval_s > 0 delivers at whole multiples of it, 0 at the next loop turn."""

    def __init__(self, connection_interval_s: float = 0.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.connection_interval_s = connection_interval_s
        self._by_address: dict[hci.Address, Controller] = {}
        self._lanes: dict[tuple[hci.Address, hci.Address], _Lane] = {}

    def close(self) -> None:
        for lane in self._lanes.values():
            if lane.timer is not None:
                lane.timer.cancel()
        self._lanes.clear()

    def on_address_changed(self, controller: Controller) -> None:
        self._by_address[controller.random_address] = controller

    def find_le_controller(self, address: hci.Address) -> Controller | None:
        return self._by_address.get(address)

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        """Advertisements to those who listen, connection requests to the advertiser alone."""
        loop = asyncio.get_running_loop()
        if isinstance(packet, ll.ConnectInd):
            receivers = [self._by_address.get(packet.advertiser_address)]
        else:
            receivers = [c for c in self.controllers if c.le_scan_enable or c.pending_le_connection is not None]
        for receiver in receivers:
            if receiver is not None and receiver is not sender_controller:
                loop.call_soon(receiver.on_ll_advertising_pdu, packet)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: core.PhysicalTransport,
        data: bytes,
    ) -> None:
        """Deliver under the address that the connection knows the sender by, not the sender's latest random one."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection is None or receiver is None:
            return  # the link ended while the packet was on its way
        source = connection.self_address
        if self.connection_interval_s <= 0:
            asyncio.get_running_loop().call_soon(self._deliver, receiver, source, data)
            return
        lane = self._lanes.setdefault((source, destination_address), _Lane())
        lane.waiting.append(data)
        if lane.timer is None:
            self._arm(lane, receiver, source)

    def time_out(self, controller: Controller) -> None:
        """Supervision timeout: both ends of every connection of `controller` see reason 0x08."""
        for connection in list(controller.le_connections.values()):
            peer = self.find_le_controller(connection.peer_address)
            other = peer.le_connections.get(connection.self_address) if peer is not None else None
            self._end(controller, connection)
            if peer is not None and other is not None:
                self._end(peer, other)

    def _end(self, controller: Controller, connection: Connection) -> None:
        controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)

    def _arm(self, lane: _Lane, receiver: Controller, source: hci.Address) -> None:
        loop = asyncio.get_running_loop()
        events = int(loop.time() / self.connection_interval_s) + 1
        lane.timer = loop.call_at(events * self.connection_interval_s, self._event, lane, receiver, source)

    def _event(self, lane: _Lane, receiver: Controller, source: hci.Address) -> None:
        lane.timer = None
        for _ in range(min(PACKETS_PER_EVENT, len(lane.waiting))):
            self._deliver(receiver, source, lane.waiting.popleft())
        if lane.waiting:
            self._arm(lane, receiver, source)

    def _deliver(self, receiver: Controller, source: hci.Address, data: bytes) -> None:
        if source in receiver.le_connections:
            receiver.on_link_acl_data(source, core.PhysicalTransport.LE, data)


class VirtualController(Controller):
    """A bumble controller that can take a connection attempt back, which bumble's own ignores."""

    le_acl_data_packet_length = ACL_BYTES
    le_features = Controller.le_features & ~(hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LL_PRIVACY)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        pending = self.pending_le_connection
        self.pending_le_connection = None
        if pending is not None:
            self.send_hci_packet(
                hci.HCI_LE_Connection_Complete_Event(
                    status=int(hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR),
                    connection_handle=0,
                    role=hci.Role.CENTRAL,
                    peer_address_type=pending.peer_address.address_type,
                    peer_address=pending.peer_address,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

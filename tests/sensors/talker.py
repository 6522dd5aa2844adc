"""MQTT clients that wait for what they expect."""

import queue
import threading

import paho.mqtt.client as mqtt


class Talker:
    """An MQTT client for tests: connects, subscribes and publishes, and says how it went."""

    def __init__(self, port, name=None, password=None, *, protocol=mqtt.MQTTv311):
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, protocol=protocol, reconnect_on_failure=False
        )
        if name is not None:
            self.client.username_pw_set(name, password)
        self.heard = queue.Queue()
        self._events = queue.Queue()
        self.client.on_connect = lambda _c, _u, _f, code, _p: self._events.put(code)
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self._events.put(codes[0])
        self.client.on_publish = lambda _c, _u, _m, code, _p: self._events.put(code)
        self.client.on_message = lambda _c, _u, message: self.heard.put(message)
        self.lost = threading.Event()
        self.client.on_disconnect = lambda *_: self.lost.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        self.connected = self._events.get(timeout=5)

    def subscribe(self, topics):
        """Subscribe and return the broker's answer."""
        self.client.subscribe(topics, qos=1)
        return self._events.get(timeout=5)

    def publish(self, topic, payload=b"{}"):
        """Publish at QoS 1 and return the broker's answer."""
        self.client.publish(topic, payload, qos=1)
        return self._events.get(timeout=5)

    def next_topic(self, timeout_s=5):
        """Return the topic of the next message heard."""
        return self.heard.get(timeout=timeout_s).topic

    def close(self):
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()


class PersistentListener:
    """A client with a persistent session, connected inside each ``with`` block."""

    def __init__(self, port, client_id="city"):
        self._port = port
        self._client_id = client_id
        self._heard = queue.Queue()
        self._subscribed = threading.Event()

    def __enter__(self):
        version = mqtt.CallbackAPIVersion.VERSION2
        self.client = mqtt.Client(
            version, self._client_id, clean_session=False, reconnect_on_failure=False
        )
        self.client.on_message = lambda _c, _u, message: self._heard.put(message.topic)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()

    def subscribe(self, topics):
        """Subscribe, and return once that is done."""
        self.client.subscribe(topics, qos=1)
        assert self._subscribed.wait(5)

    def next_topic(self):
        """Return the topic of the next message heard."""
        return self._heard.get(timeout=5)

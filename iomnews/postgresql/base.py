"""Django's PostgreSQL, for the many short readings of a newsroom.

Each thread keeps its connection. Whether the server is still there the connection itself tells,
where Django would ask the server once for every reader: that takes as long as to read a release.
"""

from select import POLLIN, poll

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server has not hung up, as far as is known without asking it.

        A server that vanished without a word is found out by what is asked next, once.
        """
        connection = self.connection.pgconn
        there = poll()
        try:
            there.register(connection.socket, POLLIN)  # one that is lost has none
            while there.poll(0):  # it says something unasked: most often why it hangs up
                connection.consume_input()
        except self.Database.Error:
            return False
        return connection.status == self.Database.pq.ConnStatus.OK

    def init_connection_state(self) -> None:
        """Keep one plan for each prepared query (`releases.prepared`), whatever it is asked with.

        They all read a few rows along an index, and to plan one takes longer than to answer it.
        """
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")

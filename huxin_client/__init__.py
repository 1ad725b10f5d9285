"""A client of a Huxin gateway: one class per audience, typed by the contracts.

    from huxin_client import Operator

    with Operator("https://hangzhou.example", client_id="…", client_secret="…") as till:
        due = till.redeem_pass(pass_token)

Every call can be repeated: whoever makes a thing chooses its id, so give your own id where a repeat
after a crash must mean the same thing.  What the gateway says no to is raised as Problem.
"""

from huxin_client.administrator import Administrator as Administrator
from huxin_client.citizen import Citizen as Citizen
from huxin_client.city import City as City
from huxin_client.credentials import HolderKey as HolderKey
from huxin_client.door import Away as Away
from huxin_client.door import Problem as Problem
from huxin_client.everyone import Everyone as Everyone
from huxin_client.holder import Holder as Holder
from huxin_client.operator import Operator as Operator
from huxin_client.webhooks import NotGenuine as NotGenuine
from huxin_client.webhooks import Webhooks as Webhooks

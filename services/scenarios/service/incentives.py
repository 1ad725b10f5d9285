"""The catalogue and the life of incentives on the bus."""

from nameko.timer import timer

from contracts import catalogue as lived
from contracts import quotas as reserved
from contracts import scenarios as asked
from contracts import trials as tried
from services.plumbing.entrypoints import answers
from services.scenarios.handlers import catalogue, lives, trials, usage, withdrawals
from services.scenarios.service.given import Given

EXPIRY_SECONDS = 30


class IncentiveEntrypoints(Given):
    """What operators and the city do with scenarios and incentives."""

    @answers(asked.RegisterOperator)
    def register_operator(self, command: asked.RegisterOperator) -> asked.OperatorRecord:
        return catalogue.register_operator(command, uow=self.uow)

    @answers(asked.RegisterScenario)
    def register_scenario(self, command: asked.RegisterScenario) -> asked.ScenarioRecord:
        return catalogue.register_scenario(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(asked.PublishIncentive)
    def publish_incentive(self, command: asked.PublishIncentive) -> asked.IncentiveRecord:
        return catalogue.publish_incentive(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(lived.ReviewIncentive)
    def review_incentive(self, command: lived.ReviewIncentive) -> asked.IncentiveRecord:
        return lives.review_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ReleaseIncentive)
    def release_incentive(self, command: lived.ReleaseIncentive) -> asked.IncentiveRecord:
        return lives.release_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.PauseIncentive)
    def pause_incentive(self, command: lived.PauseIncentive) -> asked.IncentiveRecord:
        return lives.pause_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ResumeIncentive)
    def resume_incentive(self, command: lived.ResumeIncentive) -> asked.IncentiveRecord:
        return lives.resume_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.WithdrawIncentive)
    def withdraw_incentive(self, command: lived.WithdrawIncentive) -> asked.IncentiveRecord:
        return lives.withdraw_incentive(command, uow=self.uow, now=self.clock())

    @answers(lived.ShowIncentive)
    def show_incentive(self, command: lived.ShowIncentive) -> asked.IncentiveRecord:
        return lives.show_incentive(command, uow=self.uow)

    @answers(lived.ListIncentives)
    def list_incentives(self, command: lived.ListIncentives) -> lived.IncentiveRecords:
        return lives.list_incentives(command, uow=self.uow)

    @answers(lived.ListMoves)
    def list_moves(self, command: lived.ListMoves) -> lived.Moves:
        return lives.list_moves(command, uow=self.uow)

    @answers(tried.TryIncentive)
    def try_incentive(self, command: tried.TryIncentive) -> tried.TrialRecord:
        return trials.try_incentive(
            command, uow=self.uow, city=self.settings.city, now=self.clock()
        )

    @answers(reserved.MeasureIncentive)
    def measure_incentive(self, command: reserved.MeasureIncentive) -> reserved.IncentiveUsage:
        return usage.measure_incentive(command, uow=self.uow, now=self.clock())

    @timer(interval=EXPIRY_SECONDS)
    def settle_withdrawals(self) -> None:
        withdrawals.settle_withdrawals(uow=self.uow, city=self.settings.city, now=self.clock())

using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Registry;

public class WriteGateTests
{
    private static readonly UserInfo Client = new() { Name = "jane" };

    [Fact]
    public void A_client_is_told_to_come_back_when_too_many_writes_wait_and_may_when_one_is_done()
    {
        WriteGate gate = Full();

        ApiException refusal = Assert.Throws<ApiException>(() => gate.Enter(Client));
        gate.Leave();
        gate.Enter(Client);

        Assert.Equal((429, 1), (refusal.Code, refusal.RetryAfterSeconds));
    }

    [Fact]
    public void The_servers_own_parts_are_never_refused()
    {
        WriteGate gate = Full();

        gate.Enter(UserInfo.Internal);

        Assert.Throws<ApiException>(() => gate.Enter(Client));
    }

    private static WriteGate Full()
    {
        var gate = new WriteGate();
        for (int i = 0; i < WriteGate.MostWaiting; i++)
        {
            gate.Enter(Client);
        }

        return gate;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Hosting;
using Serilog;

namespace MiniPlane.Integration.Tests.Hosting;

public sealed class LogFileTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", true)]
    [InlineData("MiniPlane.ApiServer.Requests.ApiDispatcher", true)]
    public void Only_the_log_that_costs_each_request_an_activity_is_off(string category, bool isOn)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.AddLogger(new LoggerConfiguration().CreateLogger()))
            .BuildServiceProvider();

        Assert.Equal(isOn, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Critical));
    }
}

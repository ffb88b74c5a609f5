using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Agents;

namespace MiniPlane.Workloads;

/// <summary>Puts the agent channel on the server.</summary>
public static class AgentChannelExtensions
{
    /// <summary>
    /// Maps the agents' endpoint (HTTP/2 POST). It knows agents by their pods' tokens itself, so it must stand before the API
    /// server's authentication or be left out of it.
    /// </summary>
    public static IEndpointConventionBuilder MapAgentChannel(this IEndpointRouteBuilder endpoints)
    {
        AgentEndpoint agents = endpoints.ServiceProvider.GetRequiredService<AgentEndpoint>();
        return endpoints.MapPost(AgentMethods.Connect, (RequestDelegate)agents.ServeAsync);
    }
}

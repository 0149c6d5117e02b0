// The parts of Apache ECharts that pages use; the rest is left out of the bundle.

import { BarChart, GraphChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  VisualMapPiecewiseComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  ...[BarChart, LineChart, ScatterChart, ParallelChart, HeatmapChart, GraphChart],
  ...[GridComponent, ParallelComponent, TooltipComponent, LegendPlainComponent],
  ...[DataZoomInsideComponent, DataZoomSliderComponent, MarkLineComponent, AriaComponent],
  ...[VisualMapContinuousComponent, VisualMapPiecewiseComponent],
  CanvasRenderer,
]);

export { init };
